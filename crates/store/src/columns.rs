//! The columns of a table, named once: what is selected, what is inserted, and where each stands in a row.
//!
//! In:  the names, in the order in which rows are inserted. Out: a macro of the table's name.
//! Invariant: all of it happens when the program is compiled; a name that no column has does not compile.

/// Makes a macro of the table's name:
/// `t!(select)` is `select a, b from t`, `t!(names)` is `a, b`, `t!(names of x)` is `x.a, x.b`,
/// `t!(insert)` is `insert into t (a, b) values ($1, $2)`, `t!(count)` says how many there are,
/// and `t!(a)` is the place of `a` in a row that begins with `t!(names)`.
macro_rules! columns {
    ($table:ident: $($column:ident),+ $(,)?) => { columns!(@ ($) $table: $($column),+); };
    (@ ($d:tt) $table:ident: $first:ident $(, $rest:ident)*) => {
        macro_rules! $table {
            (names) => { concat!(stringify!($first) $(, ", ", stringify!($rest))*) };
            (names of $d alias:ident) => {
                concat!(
                    stringify!($d alias), ".", stringify!($first)
                    $(, ", ", stringify!($d alias), ".", stringify!($rest))*
                )
            };
            (select) => { concat!("select ", concat!(stringify!($first) $(, ", ", stringify!($rest))*), " from ", stringify!($table)) };
            (insert) => {
                concat!(
                    "insert into ", stringify!($table), " (", concat!(stringify!($first) $(, ", ", stringify!($rest))*), ") values (",
                    places!($first $($rest)*), ")"
                )
            };
            (count) => { const { $crate::columns::count(concat!(stringify!($first) $(, ", ", stringify!($rest))*)) } };
            ($d column:ident) => { const { $crate::columns::place(concat!(stringify!($first) $(, ", ", stringify!($rest))*), stringify!($d column)) } };
        }
    };
}

/// `$1, $2, …`, one for each name.
macro_rules! places {
    ($($name:ident)+) => {
        places!(@ [$($name)+] [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40] [])
    };
    (@ [$name:ident $($names:ident)*] [$number:literal $($numbers:literal)*] [$($done:literal)*]) => {
        places!(@ [$($names)*] [$($numbers)*] [$($done)* $number])
    };
    (@ [] [$($numbers:literal)*] [$first:literal $($rest:literal)*]) => {
        concat!("$", $first $(, ", $", $rest)*)
    };
}

/// How many names `list` has.
pub(crate) const fn count(list: &str) -> usize {
    let (list, mut at, mut found) = (list.as_bytes(), 0, 1);
    while at < list.len() {
        if list[at] == b',' {
            found += 1;
        }
        at += 1;
    }
    found
}

/// The place of `name` in `list`, from 0.
pub(crate) const fn place(list: &str, name: &str) -> usize {
    let (list, name) = (list.as_bytes(), name.as_bytes());
    let (mut start, mut found) = (0, 0);
    loop {
        let mut end = start;
        while end < list.len() && list[end] != b',' {
            end += 1;
        }
        if is(list, start, end, name) {
            return found;
        }
        assert!(end < list.len(), "the table has no column of this name");
        start = end + ", ".len();
        found += 1;
    }
}

/// Whether `list` says `name` from `start` up to `end`.
const fn is(list: &[u8], start: usize, end: usize, name: &[u8]) -> bool {
    if end - start != name.len() {
        return false;
    }
    let mut at = 0;
    while at < name.len() {
        if list[start + at] != name[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests;

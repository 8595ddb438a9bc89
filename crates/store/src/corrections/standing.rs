//! What stands above readings, as parts of the statements that read them.
//!
//! In:  readings as `u`. Out: what people said of each last, as `c`.
//! Invariant: whoever reads what readings count for says so by these.

/// Joins to readings `u` what stands above them as `c`; with a parameter that names a kind of cycle, or nothing, what stood
/// when that cycle closed.
///
/// A reading counts where `counts!()` holds, for `coalesce(c.quantity, u.quantity)`.
macro_rules! standing {
    () => {
        " left join reading_corrections c on c.source = u.source and c.event = u.event and not exists
        (select 1 from reading_corrections n where n.source = u.source and n.event = u.event and n.number > c.number) "
    };
    (at the close of $kind:literal) => {
        concat!(
            " left join reading_corrections c on c.source = u.source and c.event = u.event and (",
            $kind,
            " = '' or c.late is null or c.late not like '%' || ",
            $kind,
            " || '%') and not exists (select 1 from reading_corrections n where n.source = u.source and n.event = u.event
            and n.number > c.number and (",
            $kind,
            " = '' or n.late is null or n.late not like '%' || ",
            $kind,
            " || '%')) "
        )
    };
}
/// Whether reading `u` counts, with what stands above it as `c`.
macro_rules! counts {
    () => {
        " (c.number is null or c.quantity is not null) "
    };
}
pub(crate) use {counts, standing};

//! What a list of columns becomes.

columns!(houses: id, street_id, street);

#[test]
fn a_list_is_selected_inserted_and_read_by_name() {
    assert_eq!(houses!(names), "id, street_id, street");
    assert_eq!(houses!(names of h), "h.id, h.street_id, h.street");
    assert_eq!(houses!(select), "select id, street_id, street from houses");
    assert_eq!(houses!(insert), "insert into houses (id, street_id, street) values ($1, $2, $3)");
    assert_eq!((houses!(id), houses!(street_id), houses!(street), houses!(count)), (0, 1, 2, 3));
}

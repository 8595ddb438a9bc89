-- What came in of one account, by time: the references of its movements, and its page of the list of all.
create index top_ups_of_account on top_ups (account, at_us, reference);

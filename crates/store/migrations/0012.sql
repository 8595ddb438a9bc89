-- The first messages that are due of each endpoint are found by an index.
create index messages_of_endpoint on messages (endpoint, due_us, number, id);

-- Of which request an event is: the `traceparent` that its messages are sent with. Null where no request made it.
alter table events add column trace text;

-- Where the thing is that an answer says was made, so that the same request again is told the same place.
alter table answers add column location text;

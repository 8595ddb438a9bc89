-- Of which request an event is: the `traceparent` that its messages are sent with. Null where no request made it.
alter table events add column trace text;

-- Where the thing is that an answer says was made, so that the same request again is told the same place.
alter table answers add column location text;

-- Keys of the installation that signed before the present one, each with the word of the one that took its place: what they
-- signed can still be proved.
create table installation_keys (
    public_key text not null primary key, made_us bigint not null, until_us bigint not null, next_key text not null,
    signature text not null
) @clustered;

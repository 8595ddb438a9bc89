-- The comparison with the gateway reads what was begun lately.
create index card_payments_by_time on card_payments (created_us);
-- The newest notices of a kind, however much was told in years.
create index notices_by_kind on notices (account, kind, at_us);

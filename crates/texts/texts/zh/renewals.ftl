# 包年包月资源的续费
renew = 续费
renew-hint = 新的到期时间从原到期时间起算，已到期的也是如此。
renewal = 续费方式
renewal-hint = 自动续费在到期日从余额支付，失败后连续六天重试。
at-its-deadline = 到期时
renewal-auto = 自动续费
renewal-manual = 到期提醒，手动续费
renewal-none = 到期不续费，不提醒
with-days = 另加 { $days } 天至统一到期日
renew-once-more = 再续一次
nothing-to-renew = 所选资源均无法这样续费。
then-renewed = 支付后即延长至新的到期时间。
then-runs-on = 运行中的资源继续运行；到期停用的资源恢复运行。
one-day-for-all = 统一到期日
expiry-day = 每月几日（1 至 31）
expiry-day-hint = 购买或续费不超过九个月的资源将在该日到期；不足一月的天数每天按月价的三十分之一计费。留空则各自到期。

# What comes next, and money that is missing.
what-comes-next = 接下来
within-days = { $days } 天内，假如保持现状。
nothing-comes = 在此期间没有到期或用完的事项。
now-available = 现在：可用余额 { $sum }
money-lasts = 余额可用
so-many-days = { $days ->
    [0] 不足 1 天
   *[other] 约 { $days } 天
}
about-day-and-pace = 约至 { $date }，每天 { $sum }
money-lasts-until = 按目前用量，余额约可用到 { $at }。
at-a-day = 按量计费的部分每天 { $sum }。余额用完后，账户将欠费。
you-owe-since = 您自 { $since } 起欠费 { $sum }。
nothing-new-until-paid = 结清之前无法购买新资源。
stopped-already = 已停服或受限：{ $names }。
stops-next = 下一步：{ $name } 将于 { $at } { $what }。
renewal-will-fail = { $name } 将无法在 { $at } 自动续费：余额不足。
renewal-needs = 续费需 { $sum }。目前可用余额 { $available }，届时还会扣除此前的用量费用。
tried-more = 此后还会重试 { $count } 次，直至 { $at }，均将失败
money-gone = 余额用完
money-gone-then = 按目前用量估算；之后账户将欠费
pack-empty-then = 按目前用量估算用完；之后恢复按量计费
pack-ends-then = 到期，届时未用完的余量作废
is-missing = 还差 { $missing }，可用余额为 { $available }。
bring-in-by-transfer = 请通过银行转账充值。
bring-in-or-card = 请通过银行转账或银行卡充值，或直接用银行卡支付。
bring-in-by-both = 请通过银行转账或银行卡充值。

# The forecast of a year.
whole-forecast = 一年预测
forecast-title = 预测
money-runs-out = 余额用完时间
in-arrears-since-then = 自此时起欠费
lasts-at-least = 至少可用到 { $at }
balance-now = 余额
balance-now-hint = 全部资金（含冻结）减去欠款
credit-beside-balance = 另可使用信用额度 { $sum }
promised-besides = 另有 { $sum } 为已支付订单冻结
use-a-day = 每天用量费用
use-a-day-hint = 按现状，按量计费的部分
all-before = { $at } 之前发生的全部事项。
when-it-comes = 时间
what-comes = 事项
balance-then = 届时余额（{ $unit }）
steps-left-out = 另有 { $count } 项未列出。
taken-for-granted = 预测前提
ends-because = 之后无法预测：{ $why }。

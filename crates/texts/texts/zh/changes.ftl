# 包年包月资源的变配
change-hint-prepaid = 按剩余时间补交差价，到期时间不变；配置降低时，多余部分退回。
change-days = { $days } 天
change-term = { $days }，至 { $at }
replaces = 退回：{ $name }
change-when-paid = 支付后立即变更；续费按新配置计价。
change-free = 该变更无需付费，立即生效。
order-changed = 已变更
change-lowered-nothing = 没有可退金额：剩余价值全部用于新配置。
change-switched-nothing = 没有可退金额：为此已付的费用均已使用。
change-lowered-when = 立即变更，到期时间不变：{ $at }。
change-lowered-counted = 此后 { $sum } 视为该资源的已付金额，退款以此为准。
change-lowered-back = 立即退回余额，银行卡支付的也退回余额：先抵扣欠款，其余退回当初支付所用的现金或赠送金。
change-new-of = 新配置：{ $component }

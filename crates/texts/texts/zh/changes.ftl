# 包年包月资源的变配
change-hint-prepaid = 按剩余时间补交差价，到期时间不变。
change-days = { $days } 天
change-term = { $days }，至 { $at }
replaces = 退回：{ $name }
change-when-paid = 支付后立即变更；续费按新配置计价。
change-free = 该变更无需付费，立即生效。
order-changed = 已变更

costs = 成本分析
costs-sub = 按使用时间统计，未结算的部分不在其中。
costs-of = { $month }成本
cut-by = 统计方式
by-day = 按日
by-region = 按地域
by-project = 按项目
by-day-of-use = 按使用日期统计（{ $unit }），预付部分计入开始之日。
nothing-spent-then = 本月没有扣款
none-of-these = 无

packs = 资源包
packs-sub = 由其覆盖的全部资源共享。
no-packs = 没有资源包
no-packs-hint = 资源包以更低的价格先于按量计费抵扣用量。
left = 余量
left-of = 剩余 { $left }，共 { $whole }
good-until = 有效期至
empty-on = 用完时间
pack-scheduled = 待生效
pack-active = 生效中
pack-exhausted = 已用完
pack-expired = 已过期

notices = 通知
all-notices = 全部通知
no-notices = 没有通知
no-notices-hint = 余额不足、欠费、资源包余量不足、到期与续费、预算达到阈值和新的报价会在这里通知。

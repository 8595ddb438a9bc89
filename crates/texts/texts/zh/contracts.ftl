# 客户的合同价。
contract-prices = 合同价
contract-prices-sub = 该客户的某个组件按合同价计费，不再按价目表计费。此前购买和使用的部分价格不变。
no-contract-prices = 暂无合同价
new-contract-price = 新建合同价
agree-contract-price = 确认合同价
end-contract-price = 立即结束
contract-price-is-agreed = 合同价已约定。
contract-price-is-ended = 合同价已结束，此后按价目表计费。
contract-price-id = 合同编号
contract-price-from = 生效时间（不填为立即）
contract-price-until = 结束时间（不含）
contract-price-open = 长期有效
contract-component-hint = 选择当前生效价目表中某产品的组件。
contract-options = 仅适用于这些选项，例如 spec=1U1G 或 region=guangzhou|shanghai
contract-above = 仅适用于从此处开始的阶梯
contract-price-instead = 合同价；原价 { $price }
own-a-month = 价格（{ $unit }/月）
own-price = 价格（{ $unit }）
contract-price-end-hint = 此后按价目表计费；此前使用和购买的部分价格不变。
contract-price-end-early = 该合同价尚未生效，结束后不再生效。
contract-price-end-this = 结束 { $contract }
contract-price-since = 自 { $from }

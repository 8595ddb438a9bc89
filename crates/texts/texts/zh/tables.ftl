as-csv = 下载 CSV
no-such-list = 无法这样获取此列表，请重新打开页面再试。

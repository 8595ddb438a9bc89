# Resources.
resources = Resources
search-resources = Search by name, address or id
all-products = All products
all-states = Living and ended
no-resources = No resources yet
no-resources-hint = Servers, disks and all else that you buy appear here, with their state.
nothing-fits = Nothing fits these filters
place = Place
billing = Billing
# $at (String) - an instant
until = until { $at }
pay-as-you-go = pay-as-you-go
state-running = Running
state-stopped = Stopped
state-stopped-free = Stopped without charge
state-limited = Limited, arrears
state-arrears-stopped = Stopped, arrears
state-expired = Expired
state-releasing = Being released
state-recycled = In the bin
state-released = Released

# $at (String) - an instant
since-then = since { $at }
billed-so-far = Billed so far
# $at (String) - an instant
up-to = up to { $at }
open-now = Open
open-now-hint = would be billed if it ended now
expires = Expires
held-hint = held while it lives
actions-hint = Stopped, its disks and addresses are charged on; without charge, CPU and memory are not. Released, the charge ends.
actions-hint-stop = Stopped, it is charged for less. Released, the charge ends.
actions-hint-release = Released, the charge ends.
actions-hint-paid = It is paid until it expires.
start = Start
stop = Stop
stop-free = Stop without charge
release = Release
# $name (String) - the resource
release-this = Release { $name }?
release-hint = Its charge ends. Its data and its address are gone.
release-hint-arrears = Its charge ends. There is no bin while the account is in arrears: its data and its address are gone at once.
# $name (String) - the resource
write-name = Write its name to be sure: { $name }
keep-it = Keep it
life-line = Life line
# $name (String) - who did it
by-whom = by { $name }
by-cloud = by the cloud
by-time = as its time had come
if-nothing-is-done = if nothing is done before
if-not-renewed = if it is not renewed
configuration = Configuration
number = Number
actions-hint-prepaid = Stopped, it is charged on: it is paid until it expires.
prepaid-bin-hint = Its deadline has passed and it is in the bin. Renewed, it is there again.
bin-hint = It is in the bin and charged for nothing. Taken out, it runs and is charged again.
take-out-of-bin = Take it out of the bin
# $hours (Number) - hours
release-hint-bin = { $hours ->
    [one] Its charge ends with this second. It stays in the bin for { $hours } hour, from which it can be fetched back; then its data and its address are gone.
   *[other] Its charge ends with this second. It stays in the bin for { $hours } hours, from which it can be fetched back; then its data and its address are gone.
}
annual-monthly = annual/monthly
meter-traffic-in = Incoming traffic
meter-traffic-out = Outgoing traffic
# $meter (String) - what a meter is called
not-charged = Measured and not charged: { $meter }

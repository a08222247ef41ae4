"""The teaching examples, each against the API that it imagines: what people copy has to work."""

import json
import time

from browser import Browser
from harness import Stepgate, contains, holds, wait_until
from made_up import API_KEY, CODE, DEVICE_SECRET, JWT_SECONDS, PASSWORD, TICKET_SECONDS, Api

NAME = "teaching"


def play(binary, root, report):
    with Api() as api:

        def check(label):
            return report.check(NAME, label)

        def gate(name):
            secrets = [PASSWORD, DEVICE_SECRET, API_KEY]
            return Stepgate(binary, f"{name}.yaml", api, root / name, secrets=secrets)

        with check("api-key-basic: a key is tried at once, and goes along"):
            keys = gate("api-key-basic")
            misspelt = answer(keys, expect=None, form1_api_key="no-key")
            holds(misspelt.status != 0 and not api.log, misspelt)
            answer(keys, form1_api_key=API_KEY)
            asked = json.loads(keys.call("list_charges").stdout)["asked"]
            holds(asked == {"limit": "20"}, f"the optional parameter was sent: {asked}")

        with check("one-time-code: the code is asked for where the bank wants it, and a renewal needs none"):
            bank = gate("one-time-code")
            refused = answer(bank, expect=5, form1_username="plain", form1_password="not-it")
            contains(refused.stderr, "The bank does not know this customer number and PIN.", refused)
            answer(bank, form1_username="plain", form1_password=PASSWORD)
            bank.call("accounts")
            bank.run("connections clear")
            refused = answer(bank, expect=5, form1_username="safe", form1_password=PASSWORD, code_otp="999999")
            contains(refused.stderr, "The code was not right.", refused)
            answer(bank, form1_username="safe", form1_password=PASSWORD, code_otp=CODE)
            api.end_sessions()
            bank.call("accounts")
            holds(api.log.count("POST /renew") == 1, api.log)

        with check("sms-code: an image is shown, answers are held against the form, and the code signs in"):
            parcels = gate("sms-code")
            phone = {"form1_phone": "+49 170 1"}
            unread = answer(parcels, expect=3, **phone)
            contains(unread.stderr, "form1.letters", unread)
            unfit = answer(parcels, expect=2, **phone, form1_letters="abc")
            contains(unfit.stderr, "This has fewer than 4 characters.", unfit)
            refused = answer(parcels, expect=5, **phone, form1_letters="zzzz")
            contains(refused.stderr, "These were not the letters.", refused)
            answer(parcels, **phone, form1_letters="abcd", code_otp="123 456")
            parcels.call("parcels")

        with check("double-submit-body: the newest cookie is in the body of each write"):
            shop = gate("double-submit-body")
            answer(shop, form1_email="ana@example.com", form1_password=PASSWORD)
            added = json.loads(shop.call("add_to_cart", article="a-1", count=3).stdout)["added"]
            holds(added == {"article": "a-1", "count": 3, "_token": "after"}, added)
            api.end_sessions()
            shop.call("add_to_cart", article="a-2")
            holds(api.log.count("POST /cart") == 3, api.log)

        with check("jwt-expiry: renewed by what the token says, and the refresh token is kept"):
            warehouse = gate("jwt-expiry")
            answer(warehouse, form1_email="ana@example.com", form1_password=PASSWORD)
            for _ in range(2):
                wait(JWT_SECONDS)
                stock = warehouse.call("stock", article="nuts/bolts")
                holds(json.loads(stock.stdout)["article"] == "nuts/bolts", stock)
            holds(api.log.count("POST /auth/refresh") == 2, api.log)

        with check("callback: what comes back is decoded and exchanged, and after the stated end the person is needed"):
            crm = gate("callback")
            crm.run_with_browser(Browser().visit)
            crm.call("contacts")
            wait(TICKET_SECONDS)
            crm.call("contacts", expect=3)

        with check("js-signature: the secret signs, and is not sent"):
            cloud = gate("js-signature")
            answer(cloud, form1_device="d-1", form1_secret=DEVICE_SECRET)
            cloud.call("readings")
            api.end_sessions()
            cloud.call("readings")

        with check("push-approval: a choice out of a reply, then a wait"):
            hr = gate("push-approval")
            answer(hr, form1_email="ana@example.com", company_id="c2")
            holds(api.approvals_asked == 2, f"asked {api.approvals_asked} times")
            hr.call("holidays")


def wait(seconds):
    """Until a life that was said to last this long is over."""
    over = time.time() + seconds
    wait_until("the stated end", lambda: time.time() > over)


def answer(gate, expect=0, **answers):
    """Runs the auth flow with answers, `form1_password` for `form1.password`."""
    variables = {f"STEPGATE_ANSWER_{key.upper()}": value for key, value in answers.items()}
    return gate.run("run", expect=expect, environment=variables)

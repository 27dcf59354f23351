// My village: remembered in this browser only; where the satellite is, in words and by the phone.

import "./site.js";
import { nowMs } from "./clock.js";
import { page } from "./page.js";
import { followPass } from "./pass.js";
import { hands, phonePointing, pointWords, turnTo } from "./pointing.js";
import { forgetPlace, goToMine, rememberPlace } from "./village.js";
import { gettext as _ } from "./words.js";
import { compass } from "./format.js";

const NEAR_DEG = 5;
/** Words change at most so often: they are read aloud. */
const SAY_MS = 2000;

const says = document.getElementById("phone-says");
const arrow = document.getElementById("arrow");
let target = null;
let said = -Infinity;

function forget() {
  forgetPlace();
  location.assign("/passes");
}

function say(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

/** `point`: where the satellite stands, null: not up; the arm then waits where it will rise. */
function tell(point, pass) {
  const rise = { azimuth_deg: pass.aos_azimuth_deg, elevation_deg: 0 };
  target = point && point.elevation_deg >= 0 ? point : nowMs() < Date.parse(pass.aos) ? rise : null;
  if (performance.now() - said < SAY_MS) return;
  said = performance.now();
  say(document.getElementById("point"), target ? pointWords(target) : "");
}

function hear(event) {
  const heading = event.webkitCompassHeading ?? null;
  if (event.beta === null || (heading === null && (event.alpha === null || !event.absolute))) return;
  const phone = phonePointing({ alpha: event.alpha, beta: event.beta, heading });
  says.hidden = false;
  if (!target) return say(says, _("Here the phone points: %(direction)s, %(height)s.", { direction: compass(phone.azimuth_deg), height: hands(phone.elevation_deg) }));
  const { right, up } = turnTo(phone, target);
  const turns = [
    ...(Math.abs(right) > NEAR_DEG ? [right > 0 ? _("turn right") : _("turn left")] : []),
    ...(Math.abs(up) > NEAR_DEG ? [up > 0 ? _("raise it") : _("lower it")] : []),
  ];
  say(says, turns.length ? turns.join(", ") : _("There it is: where the phone points."));
  arrow.hidden = !turns.length;
  arrow.style.transform = `rotate(${Math.atan2(-up, right)}rad)`;
}

/** iPhones ask first; others tell at once. */
async function usePhone() {
  const ask = globalThis.DeviceOrientationEvent?.requestPermission;
  if (ask && (await ask.call(DeviceOrientationEvent)) !== "granted") return;
  addEventListener("deviceorientationabsolute", hear);
  addEventListener("deviceorientation", hear);
  document.getElementById("phone").hidden = true;
}

function locate() {
  const note = document.getElementById("locate-note");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const [latitude, longitude] = [coords.latitude, coords.longitude].map((deg) => deg.toFixed(2));
      location.assign(`/place?${new URLSearchParams({ latitude, longitude })}`);
    },
    () => say(note, _("The phone does not tell where it is: choose a place above.")),
  );
}

/** What browsers give to encrypted pages, and to those of their own computer, only. */
function offer() {
  const phone = document.getElementById("phone");
  const button = document.getElementById("locate");
  if (!isSecureContext) {
    const why = _("Browsers give compass, tilt and place only to pages whose address begins with https, and on the station's own computer: not here.");
    say(document.getElementById("phone-note"), why);
    return;
  }
  if (phone && globalThis.DeviceOrientationEvent) {
    phone.hidden = false;
    phone.addEventListener("click", usePhone);
  }
  if (navigator.geolocation) {
    button.hidden = false;
    button.addEventListener("click", locate);
  }
}

if (page.place) rememberPlace();
else goToMine();
offer();
const back = document.getElementById("forget");
if (back) {
  back.hidden = false;
  back.addEventListener("click", forget);
}
if (page.pass) {
  followPass(document.getElementById("pass"), page.pass, { place: page.place, tell });
}

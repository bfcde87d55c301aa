// Reads many calendar files with ical.js, Thunderbird's parser: a JSON object of names and texts on standard input, one of names and events
// (or the fault that ical.js throws) on standard output. Time zones are those of the file itself and of no other.
import ICAL from "../exchange/ical_js/node_modules/ical.js/dist/ical.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const moment = (time) => (time.isDate ? time.toString() : time.toUnixTime());

const read = (text) => {
  ICAL.TimezoneService.reset();
  const parsed = ICAL.parse(text);
  if (parsed[0] !== "vcalendar") throw new Error(`the file is no VCALENDAR but ${JSON.stringify(parsed).slice(0, 60)}`);
  const calendar = new ICAL.Component(parsed);
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component, { strictExceptions: true });
    for (const name of ["dtstart", "dtend"]) {
      const tzid = component.getFirstProperty(name).getParameter("tzid");
      if (tzid && !ICAL.TimezoneService.has(tzid)) throw new Error(`the file does not describe the zone ${tzid}`);
    }
    const { uid, summary, description } = event;
    const status = component.getFirstPropertyValue("status");
    return { uid, sequence: event.sequence, summary, description, status, start: moment(event.startDate), end: moment(event.endDate) };
  });
  return { name: calendar.getFirstPropertyValue("name"), events };
};

const answers = {};
for (const [name, text] of Object.entries(JSON.parse(Buffer.concat(chunks).toString("utf-8")))) {
  try {
    answers[name] = read(text);
  } catch (error) {
    answers[name] = { fault: String(error), events: [] };
  }
}
process.stdout.write(JSON.stringify(answers));

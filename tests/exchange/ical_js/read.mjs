// Reads the calendar file given on standard input with ical.js and prints its events as JSON.
import ICAL from "ical.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const calendar = new ICAL.Component(ICAL.parse(Buffer.concat(chunks).toString("utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}

const moment = (time) => ({ local: time.toString(), isDate: time.isDate, unix: time.toUnixTime(), zone: time.zone.tzid });
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const value = (name) => component.getFirstPropertyValue(name);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    description: event.description,
    start: moment(event.startDate),
    end: moment(event.endDate),
    stamp: value("dtstamp").toString(),
    status: value("status"),
    transp: value("transp"),
    busy: value("x-microsoft-cdo-busystatus"),
    relatedTo: value("related-to"),
  };
});
process.stdout.write(JSON.stringify(events));

const PERIOD_MS = 3000;
const list = document.getElementById('mails');
const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function showTimes(within) {
  for (const stamp of within.querySelectorAll('time')) stamp.textContent = time.format(new Date(stamp.dateTime));
}

/** Adds what is new and drops what is gone; what stays is not touched, so that an opened mail stays open. */
function take(page) {
  const fresh = [...page.querySelectorAll('.mail')];
  const ids = new Set(fresh.map(({ id }) => id));
  for (const mail of [...list.children]) if (!ids.has(mail.id)) mail.remove();
  fresh.forEach((mail, index) => {
    if (list.children[index]?.id === mail.id) return;
    showTimes(mail);
    mail.classList.add('arrived');
    list.insertBefore(document.adoptNode(mail), list.children[index] ?? null);
  });
  const count = document.getElementById('count');
  const text = page.getElementById('count').textContent;
  if (count.textContent !== text) count.textContent = text;
}

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href).catch(() => undefined);
  if (response?.ok) take(new DOMParser().parseFromString(await response.text(), 'text/html'));
}

async function keepFresh() {
  await refresh();
  setTimeout(keepFresh, PERIOD_MS);
}

showTimes(document);
document.addEventListener('visibilitychange', refresh);
setTimeout(keepFresh, PERIOD_MS);

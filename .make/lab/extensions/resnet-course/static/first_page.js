// JupyterLab reads a page when it is opened, and again when it is told to. Whoever comes
// from a lesson back to the first page is to see the points of now: the lesson is saved,
// the server writes the page anew (grader/page/front.py), and it is read again.

// One save at a time: JupyterLab would take the other for a change by somebody else.
const saving = new WeakMap();
const note = (context, state) => saving.set(context, state === "started");
const saved = (context) =>
  saving.get(context)
    ? new Promise((resolve) => {
        const ended = () => {
          context.saveState.disconnect(ended);
          resolve();
        };
        context.saveState.connect(ended);
      })
    : context.save();

const returned = async (_, { oldValue, newValue }) => {
  const page = newValue?.context;
  page?.saveState?.connect(note);
  if (!page?.path.endsWith("START.md")) return;
  const lesson = oldValue?.context;
  if (lesson?.model?.dirty && !lesson.isDisposed) await saved(lesson);
  if (page.isReady && !page.isDisposed) await page.revert();
};

const plugin = {
  id: "resnet-course:first-page",
  autoStart: true,
  activate: (app) => void app.shell.currentChanged.connect(returned),
};

// the form that webpack gives to an extension
window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB["resnet-course"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};

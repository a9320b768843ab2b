using Microsoft.Playwright;

namespace Marketplace.Reports.Tests.Support;

/// <summary>A report opened in the browser as a person opens it: a file, scripts off unless a test measures with one.</summary>
internal sealed class Page : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _file;

    private Page(IBrowserContext context, IPage view, string file)
    {
        _context = context;
        View = view;
        _file = file;
        view.Console += (_, message) => Complaints.Add($"console {message.Type}: {message.Text}");
        view.PageError += (_, error) => Complaints.Add($"error: {error}");
        view.Dialog += (_, dialog) => Complaints.Add($"dialog: {dialog.Message}");
        view.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage View { get; }

    /// <summary>What the page said on the console, threw or asked.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Every request, the page itself included.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<Page> OpenAsync(string html, int width, ColorScheme scheme, bool scripts)
    {
        string file = Path.Combine(Path.GetTempPath(), $"validation-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html);
        IBrowserContext context = await Browser.Instance.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            BypassCSP = scripts,
        });
        Page page = new(context, await context.NewPageAsync(), file);
        await page.View.GotoAsync(new Uri(file).AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        File.Delete(_file);
    }
}

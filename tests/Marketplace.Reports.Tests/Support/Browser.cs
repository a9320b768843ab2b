using Microsoft.Playwright;

namespace Marketplace.Reports.Tests.Support;

/// <summary>A headless Chromium of this machine.</summary>
[TestClass]
public static class Browser
{
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    internal static IBrowser Instance => _browser!;

    [AssemblyInitialize]
    public static async Task StartAsync(TestContext context)
    {
        string[] places =
        [
            Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "",
            "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
            @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ];
        string path = places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests look at pages in a Chromium, and there is none. Install it (Debian: apt-get install chromium), or name one in CHROMIUM_PATH.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    [AssemblyCleanup]
    public static async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

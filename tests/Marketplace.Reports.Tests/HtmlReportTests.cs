using Marketplace.Reports.Tests.Support;
using Marketplace.Requirements.Model;
using Microsoft.Playwright;
using Page = Marketplace.Reports.Tests.Support.Page;

namespace Marketplace.Reports.Tests;

/// <summary>The page in a real browser.</summary>
[TestClass]
public sealed class HtmlReportTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Views =>
        from name in (string[])["good", "broken", "logical-volumes", "unread"]
        from width in (int[])[360, 1280]
        from scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark]
        select (object[])[name, width, scheme];

    [TestMethod]
    [DynamicData(nameof(Views))]
    public async Task Shows_everything_without_script_network_or_overflow(string name, int width, ColorScheme scheme)
    {
        ValidationReport report = SampleReports.Named(name);
        await using Page page = await Page.OpenAsync(report.ToHtml(), width, scheme, scripts: false);

        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        string picture = Path.Combine(folder, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png");
        await page.View.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true });
        TestContext.AddResultFile(picture);

        foreach (RequirementResult result in report.Results.Where(result => result.Outcome is Outcome.Failed or Outcome.Inconclusive or Outcome.NotChecked))
        {
            ILocator card = page.View.Locator("article", new PageLocatorOptions { HasText = result.Id });
            Assert.IsTrue(await card.IsVisibleAsync(), result.Id);
            string text = await card.InnerTextAsync();
            foreach (Finding finding in result.Findings.Where(finding => finding.Outcome == Outcome.Failed))
            {
                Assert.Contains(finding.Found[1..], text);
                Assert.Contains(finding.Evidence, text);
                Assert.Contains(finding.PathInDisk, text);
                Assert.Contains(finding.Repair?.Commands.Trim('\n').Split('\n')[0] ?? "", text);
            }
        }

        Assert.AreEqual(report.Disks.Count, await page.View.Locator("svg.picture[role=img]").CountAsync());
        Assert.AreEqual("", string.Join('\n', page.Complaints));
        Assert.HasCount(1, page.Requests);
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public async Task Fits_the_width_and_has_contrast(string name, int width, ColorScheme scheme)
    {
        await using Page page = await Page.OpenAsync(SampleReports.Named(name).ToHtml(), width, scheme, scripts: true);

        string wide = await page.View.EvaluateAsync<string>("""
            () => [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') || e.tagName === 'svg')
                .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && getComputedStyle(e).position !== 'absolute' && !e.closest('thead'))
                .map(e => e.tagName + ' ' + e.className).slice(0, 5).join(', ')
            """);
        Assert.AreEqual("", wide);
        Assert.AreEqual(width, await page.View.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));

        // WCAG 2.1, 1.4.3: 4.5 to 1 for text, computed from the colours the browser uses.
        string faint = await page.View.EvaluateAsync<string>("""
            () => {
              const parse = c => c.match(/[\d.]+/g).map(Number);
              const light = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }); return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
              const below = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
              const faint = [];
              let count = 0;
              for (const e of document.querySelectorAll('body *')) {
                if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
                count++;
                const a = light(parse(getComputedStyle(e).color)), b = light(below(e));
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < 4.5) faint.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
              }
              return count < 20 ? 'too little text' : [...new Set(faint)].join(', ');
            }
            """);
        Assert.AreEqual("", faint);
    }

    [TestMethod]
    [DataRow("good")]
    [DataRow("broken")]
    [DataRow("logical-volumes")]
    [DataRow("unread")]
    public async Task Prints(string name)
    {
        await using Page page = await Page.OpenAsync(SampleReports.Named(name).ToHtml(), 1280, ColorScheme.Dark, scripts: true);
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.html"), SampleReports.Named(name).ToHtml());
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.sarif"), SampleReports.Named(name).ToSarif());
        byte[] pdf = await page.View.PdfAsync(new PagePdfOptions { Path = Path.Combine(folder, $"{name}.pdf"), Format = "A4", Margin = new Margin { Top = "15mm", Bottom = "15mm", Left = "15mm", Right = "15mm" } });
        await page.View.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        Assert.IsTrue(pdf.AsSpan().StartsWith("%PDF-"u8));
        Assert.AreEqual("rgb(255, 255, 255)", await page.View.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"), "ink is not spent on a dark page");
        Assert.AreEqual("rgb(0, 0, 0)", await page.View.EvaluateAsync<string>("() => getComputedStyle(document.body).color"));
    }

    [TestMethod]
    [DataRow("<script>alert(1)</script>")]
    [DataRow("\"><img src=x onerror=alert(1)>")]
    [DataRow("' onmouseover='alert(1)")]
    [DataRow("</style></title></svg></desc></pre><iframe src=//example.com></iframe>")]
    [DataRow("<!--")]
    [DataRow("]]><style>*{display:none}</style>")]
    public async Task Words_from_a_disk_stay_words(string text)
    {
        string html = Hostile.Report(text).ToHtml();
        await using Page page = await Page.OpenAsync(html, 1280, ColorScheme.Light, scripts: true);

        Assert.AreEqual("", string.Join('\n', page.Complaints));
        Assert.HasCount(1, page.Requests);
        Assert.AreEqual(1, await page.View.Locator("style").CountAsync());
        Assert.AreEqual(0, await page.View.Locator("script, img, iframe, [onmouseover], [onerror]").CountAsync());
        Assert.AreEqual("FOOTER", await page.View.EvaluateAsync<string>("() => document.body.lastElementChild.tagName"));
        Assert.Contains(text, await page.View.Locator("article pre.evidence").First.InnerTextAsync());
    }

    [TestMethod]
    [DataRow("good", "Everything that can be checked on the disks and the project is as asked. 2 requirements can only be answered by a running machine or a publish.")]
    [DataRow("unread", "Nothing was found that forbids publishing, but")]
    public void The_verdict_is_a_sentence(string name, string sentence)
    {
        string html = SampleReports.Named(name).ToHtml();

        Assert.Contains($"<p class=\"sentence\">{sentence}", html);
        Assert.DoesNotContain("{", html[html.IndexOf("<header", StringComparison.Ordinal)..html.IndexOf("</header>", StringComparison.Ordinal)]);
    }

    [TestMethod]
    public void Says_where_customers_find_the_offer_in_the_form_of_each_level_asked_for()
    {
        ValidationReport report = SampleReports.Good;
        string both = report.ToHtml();
        string current = (report with { Levels = [RequirementsLevel.Current] }).ToHtml();

        Assert.HasCount(4, report.Addresses);
        foreach (OfferAddress address in report.Addresses)
        {
            string line = $"<p>{address.Place}: {address.Uri}</p>";
            Assert.Contains(line, both);
            Assert.AreEqual(address.Level == RequirementsLevel.Current, current.Contains(line, StringComparison.Ordinal), line);
        }
    }

    [TestMethod]
    public void A_reason_that_a_finding_repeats_is_shown_once()
    {
        Finding finding = SampleReports.Broken.Results.SelectMany(result => result.Findings).First();
        RequirementResult result = SampleReports.Good.Results[0] with { Outcome = Outcome.NotApplicable, Reason = "only a part was there", Findings = [finding with { Found = "only a part was there" }] };
        string html = (SampleReports.Good with { Results = [result] }).ToHtml();

        string card = html[html.IndexOf("<article", StringComparison.Ordinal)..html.IndexOf("</article>", StringComparison.Ordinal)];
        Assert.HasCount(2, card.Split("nly a part was there"));
    }

    [TestMethod]
    public void Shows_characters_that_hide_or_turn_text()
    {
        string html = Hostile.Report("a\u202Eb\u0000c\u001B[2Jd\uD800e").ToHtml();

        Assert.Contains(@"a\u202eb\u0000c\u001b[2Jd\ud800e", html);
        Assert.IsFalse(html.Any(c => c is '\u202E' or '\0' or '\u001B' || char.IsSurrogate(c)));
    }

    [TestMethod]
    [DataRow("broken")]
    [DataRow("logical-volumes")]
    public async Task Names_in_a_picture_stay_within_their_part(string name)
    {
        await using Page page = await Page.OpenAsync(SampleReports.Named(name).ToHtml(), 360, ColorScheme.Light, scripts: true);

        string[] outside = await page.View.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.picture g')].filter(g => g.querySelector('text')).filter(g => {
                const text = g.querySelector('text').getBoundingClientRect(), part = g.querySelector('rect').getBoundingClientRect();
                return text.left < part.left || text.right > part.right;
            }).map(g => g.querySelector('text').textContent)
            """);
        Assert.AreEqual("", string.Join(", ", outside));
        Assert.IsGreaterThan(0, await page.View.Locator(".picture text").CountAsync());
    }

    [TestMethod]
    public void Draws_every_part_wide_enough_to_be_seen_and_none_outside()
    {
        string html = SampleReports.Broken.ToHtml();
        double[] widths = [.. System.Text.RegularExpressions.Regex.Matches(html, "class=\"part [a-z]+\" x=\"([0-9.]+)%\"[^>]*width=\"([0-9.]+)%\"").Select(match => double.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))];

        Assert.IsGreaterThan(4, widths.Length);
        Assert.IsTrue(widths.All(width => width is >= 2 and <= 100.01), string.Join(' ', widths));
    }
}

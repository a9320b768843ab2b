using System.Reflection;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>A validation as one page: verdict, what is to be mended or decided, disks, declaration, and the rest in a table.</summary>
internal static class HtmlReport
{
    private static readonly Lazy<string> Style = new(ReadStyle);

    /// <summary>The page.</summary>
    /// <param name="report">The report; its paths are relative to the project.</param>
    public static string Write(ValidationReport report)
    {
        Markup page = new();
        page.Raw("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">

            """);
        page.Element("title", "", $"{VerdictPart.NameOf(report)}: {VerdictPart.Of(report).Headline}").Raw("\n<style>\n").Raw(Style.Value).Raw("</style>\n</head>\n<body>\n");
        VerdictPart.Write(page, report);
        page.Raw("<main>\n");
        DisksPart.Write(page, report);
        FindingsPart.Write(page, report);
        AdjustmentsPart.Write(page, report);
        DeclarationPart.Write(page, report);
        OthersPart.Write(page, report);
        page.Raw("</main>\n<footer><p>")
            .Text($"Made by Marketplace.Build.Sdk {ToolVersion.Text} on {DeclarationPart.TimeOf(report)}, from the bytes of the disks, without starting or mounting them. validation.json beside this page has the same content for programs.")
            .Raw("</p></footer>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

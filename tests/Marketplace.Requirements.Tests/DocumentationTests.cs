using System.Runtime.CompilerServices;
using Marketplace.Requirements.Declaration;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Tests;

[TestClass]
public sealed class DocumentationTests
{
    private static readonly string Docs = FindDocs();

    public static IEnumerable<object[]> Ids => RequirementCatalog.All.Select(requirement => new object[] { requirement.Id });

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void Every_requirement_has_a_page_that_says_what_the_code_does(string id)
    {
        Requirement requirement = RequirementCatalog.All.Single(candidate => candidate.Id == id);
        string page = File.ReadAllText(Path.Combine(Docs, id + ".md"));

        Assert.IsTrue(page.StartsWith($"# {id}: {requirement.Title}\n", StringComparison.Ordinal), "title");
        Assert.Contains(requirement.Section.Length > 0 ? $"Section {requirement.Section} of the guide." : "The guide of 2015 does not treat it.", page);
        Assert.Contains(Row("2015-10", requirement.Guide), page);
        Assert.Contains(Row("current", requirement.Current), page);
        Assert.Contains("## What is looked at", page);
        Assert.Contains(requirement.Why, page.Replace("`", "", StringComparison.Ordinal));
        Assert.Contains("## Remedy", page);
    }

    [TestMethod]
    public void The_table_shows_both_levels_of_every_requirement_in_order()
    {
        string[] expected = [.. RequirementCatalog.All.Select(requirement =>
            $"| [{requirement.Id}]({requirement.Id}.md) | {requirement.Title} | {(requirement.Section.Length > 0 ? requirement.Section : "–")} | {Cell(requirement.Guide)} | {Cell(requirement.Current)} | {Stages(requirement)} |")];

        string[] rows = [.. File.ReadAllLines(Path.Combine(Docs, "requirements.md")).Where(line => line.StartsWith("| [MKT", StringComparison.Ordinal))];

        CollectionAssert.AreEqual(expected, rows, $"docs/requirements.md must have these rows:{Environment.NewLine}{string.Join(Environment.NewLine, expected)}{Environment.NewLine}");
    }

    [TestMethod]
    public void Every_code_of_a_publish_is_in_one_of_the_tables()
    {
        string text = File.ReadAllText(Path.Combine(Docs, "requirements.md"));
        string[] missing = [.. Directory.EnumerateFiles(Docs, "MKT4*.md").Select(page => Path.GetFileNameWithoutExtension(page)!).Where(code => !text.Contains($"|[{code}]({code}.md) |", StringComparison.Ordinal) && RequirementCatalog.All.All(requirement => requirement.Id != code))];
        Assert.IsEmpty(missing, string.Join(", ", missing));
    }

    [TestMethod]
    public void Every_declaration_fault_has_a_page()
    {
        foreach (string code in DeclarationFault.All.Append(CouldNotBeChecked.Code))
        {
            Assert.IsTrue(File.Exists(Path.Combine(Docs, code + ".md")), code);
        }
    }

    [TestMethod]
    public void Ids_are_unique_and_in_order()
    {
        string[] ids = [.. RequirementCatalog.All.Select(requirement => requirement.Id)];

        CollectionAssert.AreEqual(ids.Distinct().Order(StringComparer.Ordinal).ToArray(), ids);
    }

    private static string Row(string level, Criterion? criterion) => criterion is null
        ? $"| `{level}` | – | nothing | – |"
        : $"| `{level}` | {criterion.Severity} | {criterion.Asked} | {criterion.Source} |";

    private static string Cell(Criterion? criterion) => criterion is null ? "–" : $"{criterion.Severity}: {criterion.Asked} ({criterion.Source})";

    private static string Stages(Requirement requirement) => requirement.Stages.ToString().ToLowerInvariant();

    private static string FindDocs([CallerFilePath] string source = "")
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Path.GetDirectoryName(source) ?? ""])
        {
            for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
            {
                string docs = Path.Combine(directory.FullName, "docs");
                if (File.Exists(Path.Combine(docs, "requirements.md")))
                {
                    return docs;
                }
            }
        }

        throw new DirectoryNotFoundException("docs/requirements.md was not found above the tests.");
    }
}

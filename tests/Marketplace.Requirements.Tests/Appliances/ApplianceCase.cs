using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Tests.Appliances;

/// <summary>One entry of <c>tests/fixtures/appliance/cases.json</c>, which <c>make-cases.sh</c> writes.</summary>
internal sealed record ApplianceCase
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The case, and its packed disk unless <see cref="Disk"/> names another.</summary>
    public required string Name { get; init; }

    /// <summary>What was changed.</summary>
    public required string Title { get; init; }

    /// <summary>True when the packed disk is a difference from <c>base</c>.</summary>
    public required bool Base { get; init; }

    /// <summary>The packed disk; null for that of the case's own name.</summary>
    public string? Disk { get; init; }

    /// <summary>The declared OS family.</summary>
    public string OSFamily { get; init; } = "Linux";

    /// <summary>The declared generation; empty for what the disk says.</summary>
    public string Generation { get; init; } = "";

    /// <summary>The packed data disks.</summary>
    public IReadOnlyList<string> DataDisks { get; init; } = [];

    /// <summary>Their LUNs; empty for 0, 1, 2 and so on.</summary>
    public IReadOnlyList<string> Luns { get; init; } = [];

    /// <summary>What must be found, and at the default levels how much it weighs.</summary>
    public required IReadOnlyList<Expectation> Expected { get; init; }

    /// <summary>What may be found as well, because the same change touches it.</summary>
    public required IReadOnlyList<Expectation> Allowed { get; init; }

    public static IReadOnlyDictionary<string, ApplianceCase> All { get; } = ReadAll();

    /// <summary>The packed forms of the OS disk, the base first.</summary>
    public string[] PackedOSDisk()
    {
        string disk = Disk ?? Name;
        return Base && disk != "base" ? [Packed("base"), Packed(disk)] : [Packed(disk)];
    }

    public static string Packed(string name) => "Appliance/" + name;

    public override string ToString() => Name;

    private static Dictionary<string, ApplianceCase> ReadAll()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Appliance/cases.json")!;
        return JsonSerializer.Deserialize<ApplianceCase[]>(stream, Options)!.ToDictionary(item => item.Name, StringComparer.Ordinal);
    }
}

/// <summary>A code and how much it weighs.</summary>
internal sealed record Expectation(string Code, Severity Severity)
{
    public override string ToString() => $"{Severity} {Code}";
}

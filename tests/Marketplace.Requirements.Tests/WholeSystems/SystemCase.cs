using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marketplace.Requirements.Tests.Appliances;

namespace Marketplace.Requirements.Tests.WholeSystems;

/// <summary>One entry of <c>tests/fixtures/layouts/cases.json</c>, which <c>make-layouts.sh</c> writes.</summary>
internal sealed record SystemCase
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The case, and its packed disk unless <see cref="Disk"/> names another.</summary>
    public required string Name { get; init; }

    /// <summary>What the disk is.</summary>
    public required string Title { get; init; }

    /// <summary>The name the disk is declared by.</summary>
    public required string File { get; init; }

    /// <summary>The packed disk this one is a difference from; null when it is whole.</summary>
    public string? Base { get; init; }

    /// <summary>The packed disk; null for that of the case's own name.</summary>
    public string? Disk { get; init; }

    /// <summary>The declared OS family.</summary>
    public string OSFamily { get; init; } = "Linux";

    /// <summary>Whether the disk is to be converted.</summary>
    public bool Convert { get; init; }

    /// <summary>All that must be found of at least the severity warning.</summary>
    public required IReadOnlyList<Expectation> Expected { get; init; }

    public static IReadOnlyDictionary<string, SystemCase> All { get; } = ReadAll();

    /// <summary>The packed forms of the disk, to be written one on top of the other.</summary>
    public string[] Packed() => Base is null ? ["Layouts/" + (Disk ?? Name)] : ["Layouts/" + Base, "Layouts/" + (Disk ?? Name)];

    private static Dictionary<string, SystemCase> ReadAll()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Layouts/cases.json")!;
        return JsonSerializer.Deserialize<SystemCase[]>(stream, Options)!.ToDictionary(item => item.Name, StringComparer.Ordinal);
    }
}

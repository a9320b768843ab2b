using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marketplace.Requirements.Tests.Appliances;

namespace Marketplace.Requirements.Tests.WholeSystems;

/// <summary>One entry of a <c>cases.json</c> below <c>tests/fixtures</c>: of <c>layouts</c>, or of <c>windows</c>.</summary>
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

    /// <summary>Those <c>make-layouts.sh</c> writes.</summary>
    public static IReadOnlyDictionary<string, SystemCase> Layouts { get; } = ReadAll("Layouts");

    /// <summary>Those <c>make-windows-cases.sh</c> writes.</summary>
    public static IReadOnlyDictionary<string, SystemCase> Windows { get; } = ReadAll("Windows");

    /// <summary>The packed forms of the disk, to be written one on top of the other.</summary>
    public string[] Packed(string folder) => Base is null ? [$"{folder}/{Disk ?? Name}"] : [$"{folder}/{Base}", $"{folder}/{Disk ?? Name}"];

    private static Dictionary<string, SystemCase> ReadAll(string folder)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(folder + "/cases.json")!;
        return JsonSerializer.Deserialize<SystemCase[]>(stream, Options)!.ToDictionary(item => item.Name, StringComparer.Ordinal);
    }
}

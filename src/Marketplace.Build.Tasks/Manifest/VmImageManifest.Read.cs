using System.Text.Json;

namespace Marketplace.Build.Tasks.Manifest;

internal sealed partial record VmImageManifest
{
    /// <summary>Reads a manifest; null when there is none or when another version of the SDK, or a hand, wrote it differently.</summary>
    /// <param name="path">Absolute path.</param>
    /// <exception cref="IOException">The file exists but cannot be read.</exception>
    public static VmImageManifest? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            return root.GetProperty("schema").GetInt32() == Schema ? Parse(root) : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static VmImageManifest Parse(JsonElement root) => new()
    {
        Name = Text(root, "name"),
        Publisher = Text(root, "publisher"),
        Offer = Text(root, "offer"),
        Sku = Text(root, "sku"),
        Version = Text(root, "version"),
        OSFamily = Text(root, "osFamily"),
        OperatingSystem = Text(root, "operatingSystem"),
        Generation = Text(root, "generation"),
        RecommendedSizes = [.. root.GetProperty("recommendedSizes").EnumerateArray().Select(size => size.GetString() ?? "")],
        Levels = Text(root, "levels"),
        Validated = root.GetProperty("validated").GetDateTimeOffset(),
        InputsHash = Text(root, "inputsHash"),
        Disks = [.. root.GetProperty("disks").EnumerateArray().Select(ParseDisk)],
        Requirements = [.. root.GetProperty("requirements").EnumerateArray().Select(requirement => new ManifestRequirement(
            Text(requirement, "id"), Text(requirement, "outcome"), TextOrEmpty(requirement, "reason"), TextOrEmpty(requirement, "justification")))],
    };

    private static ManifestDisk ParseDisk(JsonElement disk) => new()
    {
        Path = Text(disk, "path"),
        Lun = disk.TryGetProperty("lun", out var lun) ? lun.GetInt32() : null,
        Caching = Text(disk, "caching"),
        Length = disk.GetProperty("length").GetInt64(),
        Modified = disk.GetProperty("modified").GetDateTimeOffset(),
        VirtualSize = disk.GetProperty("virtualSize").GetInt64(),
        AllocatedBytes = disk.GetProperty("allocatedBytes").GetInt64(),
        RemoteVersion = TextOrEmpty(disk, "etag"),
        IsConverted = disk.TryGetProperty("converted", out var converted) && converted.GetBoolean(),
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static string TextOrEmpty(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}

using System.Text.Encodings.Web;
using System.Text.Json;
using Marketplace.Requirements.Model;

namespace Marketplace.Build.Tasks.Manifest;

internal sealed partial record VmImageManifest
{
    /// <summary>Options of every JSON file the SDK writes: for people first.</summary>
    public static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the manifest, in one step: a reader sees the old file, none, or the whole new one.</summary>
    /// <param name="path">Absolute path.</param>
    public void Write(string path) => WriteFile(path, writer =>
    {
        writer.WriteStartObject();
        WriteProperties(writer);
        writer.WriteEndObject();
    });

    /// <summary>Writes a JSON file beside its place, then moves it there.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="write">Writes the document.</param>
    public static void WriteFile(string path, Action<Utf8JsonWriter> write)
    {
        var unfinished = path + ".tmp";
        using (var stream = File.Create(unfinished))
        {
            using (var writer = new Utf8JsonWriter(stream, JsonOptions))
            {
                write(writer);
            }

            stream.WriteByte((byte)'\n');
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Writes the properties into an open object.</summary>
    /// <param name="writer">The writer.</param>
    public void WriteProperties(Utf8JsonWriter writer)
    {
        writer.WriteNumber("schema", Schema);
        writer.WriteString("name", Name);
        writer.WriteString("publisher", Publisher);
        writer.WriteString("offer", Offer);
        writer.WriteString("sku", Sku);
        writer.WriteString("version", Version);
        writer.WriteString("osFamily", OSFamily);
        writer.WriteString("operatingSystem", OperatingSystem);
        writer.WriteString("generation", Generation);
        writer.WriteStartArray("recommendedSizes");
        foreach (var size in RecommendedSizes)
        {
            writer.WriteStringValue(size);
        }

        writer.WriteEndArray();
        writer.WriteString("levels", Levels);
        writer.WriteString("validated", Time(Validated));
        writer.WriteString("inputsHash", InputsHash);
        writer.WriteStartArray("disks");
        foreach (var disk in Disks)
        {
            WriteDisk(writer, disk);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("counts");
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            writer.WriteNumber(JsonNames.Outcome(outcome), Count(JsonNames.Outcome(outcome)));
        }

        writer.WriteEndObject();
        writer.WriteStartArray("requirements");
        foreach (var requirement in Requirements)
        {
            writer.WriteStartObject();
            writer.WriteString("id", requirement.Id);
            writer.WriteString("outcome", requirement.Outcome);
            WriteUnlessEmpty(writer, "reason", requirement.Reason);
            WriteUnlessEmpty(writer, "justification", requirement.Justification);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a property that would say nothing when empty.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static void WriteUnlessEmpty(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteDisk(Utf8JsonWriter writer, ManifestDisk disk)
    {
        writer.WriteStartObject();
        writer.WriteString("path", disk.Path);
        writer.WriteString("role", disk.Lun is null ? "os" : "data");
        if (disk.Lun is { } lun)
        {
            writer.WriteNumber("lun", lun);
        }

        writer.WriteString("caching", disk.Caching);
        writer.WriteNumber("length", disk.Length);
        writer.WriteString("modified", Time(disk.Modified));
        writer.WriteNumber("virtualSize", disk.VirtualSize);
        writer.WriteNumber("allocatedBytes", disk.AllocatedBytes);
        WriteUnlessEmpty(writer, "etag", disk.RemoteVersion);
        if (disk.IsConverted)
        {
            writer.WriteBoolean("converted", true);
        }

        writer.WriteEndObject();
    }
}

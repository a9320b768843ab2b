using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Marketplace.Publishing.Signing;

/// <summary>The content of the file of signed URIs.</summary>
internal static class SasFileJson
{
    // A URI is copied from the file by people: its ampersands must stand as they are.
    private static readonly SasFileContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The JSON of signed disks, the OS disk as the caller ordered it.</summary>
    /// <param name="disks">Signed disks.</param>
    public static byte[] Serialize(IReadOnlyList<SignedDisk> disks) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new SasFile([.. disks.Select(disk => new SasFileDisk(disk.Disk.Lun, disk.Disk.BlobName, disk.Uri.AbsoluteUri, disk.Expires))]),
            Context.SasFile);
}

/// <summary>The file.</summary>
/// <param name="Disks">The disks.</param>
internal sealed record SasFile(IReadOnlyList<SasFileDisk> Disks);

/// <summary>A disk of the file.</summary>
/// <param name="Lun">The LUN; absent for the OS disk.</param>
/// <param name="Blob">Name of the blob.</param>
/// <param name="Uri">The signed URI: a secret.</param>
/// <param name="Expires">When it stops working.</param>
internal sealed record SasFileDisk(int? Lun, string Blob, string Uri, DateTimeOffset Expires);

/// <summary>Source-generated serialization of the file.</summary>
[JsonSerializable(typeof(SasFile))]
internal sealed partial class SasFileContext : JsonSerializerContext;

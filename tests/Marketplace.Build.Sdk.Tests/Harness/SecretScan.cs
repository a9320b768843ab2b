using System.IO.Compression;
using System.Text;
using Microsoft.Build.Logging.StructuredLogger;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>Looks for secrets in everything a build wrote down.</summary>
internal static class SecretScan
{
    /// <summary>The secrets that a binary log holds: in its records, its strings, and the project files embedded in it.</summary>
    public static IReadOnlyList<string> OfBinlog(string path, params string[] secrets)
    {
        Assert.IsTrue(secrets.All(secret => secret.Length > 3), "A secret that short is everywhere.");
        var places = new List<string>();
        using (var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
        using (var bytes = new MemoryStream())
        {
            stream.CopyTo(bytes);
            var content = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            foreach (var secret in secrets)
            {
                if (content.IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0)
                {
                    places.Add($"'{secret[..4]}…' in the records");
                }
            }
        }

        // The archive of project files is compressed once more inside.
        var build = BinaryLog.ReadBuild(path);
        foreach (var file in build.SourceFiles ?? [])
        {
            places.AddRange(secrets.Where(secret => file.Text.Contains(secret, StringComparison.Ordinal)).Select(secret => $"'{secret[..4]}…' in {file.FullPath}"));
        }

        return places;
    }
}

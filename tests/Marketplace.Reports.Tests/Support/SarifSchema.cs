using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Marketplace.Reports.Tests.Support;

/// <summary>
/// The JSON schema of SARIF 2.1.0, taken out of an npm package that ships it (@microsoft/jest-sarif, MIT licence) by the npm
/// client. Its rules are those of the schema of the OASIS standard but for a region, which the standard wants to have a start.
/// </summary>
internal static class SarifSchema
{
    private const string Package = "@microsoft/jest-sarif@1.0.0-beta.0";
    private const string Entry = "package/lib/schemas/sarif-2.1.0-rtm.5.json";
    private const string Sha256 = "2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8";

    private static readonly Lazy<JsonSchema> LazySchema = new(Load);

    public static JsonSchema Schema => LazySchema.Value;

    private static JsonSchema Load()
    {
        string folder = Directory.CreateTempSubdirectory("marketplace-sarif-").FullName;
        try
        {
            JsonNode schema = JsonNode.Parse(Extract(folder))!;

            // Draft 4 and draft 6 differ, in what this schema uses, in the name of its id only, which nothing refers to.
            schema["$schema"] = "http://json-schema.org/draft-06/schema#";
            schema.AsObject().Remove("id");
            return JsonSchema.FromText(schema.ToJsonString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Extract(string folder)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new("cmd.exe", ["/c", "npm", "pack", Package, "--silent"])
            : new("npm", ["pack", Package, "--silent"]);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        using (Process npm = Process.Start(start)!)
        {
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            Assert.AreEqual(0, npm.ExitCode, $"npm pack {Package} failed; these tests need the npm registry.");
        }

        using FileStream file = File.OpenRead(Directory.GetFiles(folder, "*.tgz").Single());
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using TarReader archive = new(unpacked);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.Name == Entry)
            {
                byte[] bytes = new byte[entry.Length];
                entry.DataStream!.ReadExactly(bytes);
                Assert.AreEqual(Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)), "the schema is another one");
                return bytes;
            }
        }

        throw new InvalidDataException($"{Package} has no {Entry}.");
    }
}

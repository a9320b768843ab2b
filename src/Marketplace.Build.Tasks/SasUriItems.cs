using System.Text.RegularExpressions;
using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>
/// Reads the signed URIs that VmImageSasUri items lead to: a file, or an environment variable. The URIs themselves are secrets
/// and are never items, properties, outputs or words of a message.
/// </summary>
/// <param name="projectFile">Absolute path of the project.</param>
internal sealed partial class SasUriItems(string projectFile)
{
    private readonly List<SuppliedSasUri> _uris = [];
    private readonly List<Finding> _faults = [];

    /// <summary>The URIs that could be read.</summary>
    public IReadOnlyList<SuppliedSasUri> Uris => _uris;

    /// <summary>What is wrong with the items, one MKT0026 each.</summary>
    public IReadOnlyList<Finding> Faults => _faults;

    /// <summary>Reads all items.</summary>
    /// <param name="projectFile">Absolute path of the project.</param>
    /// <param name="items">The items.</param>
    public static SasUriItems Read(string projectFile, IEnumerable<ITaskItem> items)
    {
        var read = new SasUriItems(projectFile);
        foreach (var item in items)
        {
            read.Add(item);
        }

        return read;
    }

    private void Add(ITaskItem item)
    {
        var variable = item.GetMetadata("FromEnvironment").Trim();
        if (LooksSigned(item.ItemSpec) || LooksSigned(variable))
        {
            Fault(
                "a VmImageSasUri item holds a URI itself; it is not repeated here, but what is in an item is in every log and binary log of the build",
                "revoke the signature (make new keys for the storage account), write the new URI into a file or an environment variable, and name that: <VmImageSasUri Include=\"sas-uris.txt\" />");
        }
        else if (variable.Length > 0)
        {
            AddVariable(variable);
        }
        else
        {
            AddFile(item.ItemSpec);
        }
    }

    private void AddVariable(string name)
    {
        if (!VariableName().IsMatch(name))
        {
            Fault("the metadata FromEnvironment of a VmImageSasUri item is not the name of an environment variable", "write a name, for example FromEnvironment=\"OS_DISK_SAS\"");
        }
        else if (Environment.GetEnvironmentVariable(name) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            Fault($"the environment variable {name}, which a VmImageSasUri item names, is not set", "set it to the signed URI, or remove the item");
        }
        else
        {
            _uris.Add(new SuppliedSasUri(text, projectFile, $"the environment variable {name}"));
        }
    }

    private void AddFile(string include)
    {
        var path = Path.GetFullPath(include, Path.GetDirectoryName(projectFile) ?? "");
        try
        {
            var found = SasUriFile.Read(path);
            if (found.Count == 0)
            {
                Fault("there is no SAS URI in the file", "write one URI on each line, or use the sas-uris.json that a publish writes", path);
            }

            _uris.AddRange(found);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fault(
                $"the file of SAS URIs \"{include}\" cannot be read: {(exception is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : exception.Message.TrimEnd('.'))}",
                "correct the path, or remove the VmImageSasUri item",
                path);
        }
    }

    private void Fault(string found, string remedy, string? file = null) => _faults.Add(new Finding
    {
        Code = SdkCodes.BadSasUri,
        Severity = Severity.Error,
        Outcome = Outcome.Failed,
        File = file ?? projectFile,
        Found = found,
        Asked = "a VmImageSasUri item names a file of SAS URIs, or an environment variable with one",
        Remedy = remedy,
    });

    private static bool LooksSigned(string text) =>
        text.Contains("://", StringComparison.Ordinal)
        || text.Contains("sig=", StringComparison.OrdinalIgnoreCase)
        || text.Contains("sig%3D", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}

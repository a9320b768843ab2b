using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>Judges the declaration as such and opens its disks.</summary>
internal sealed class DeclarationReader(ImageDeclaration image, Func<string, RemoteDiskFile>? openRemote)
{
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>The faults found so far.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Judges the properties and opens the disks.</summary>
    /// <param name="cancellationToken">Stops between disks.</param>
    /// <exception cref="OperationCanceledException">The validation was cancelled.</exception>
    public ImageContext Open(CancellationToken cancellationToken)
    {
        CheckProperties();
        List<DiskUnderCheck> opened = [];
        try
        {
            DiskUnderCheck? osDisk = null;
            string fault = "";
            if (image.OSDisks.Count == 1)
            {
                opened.Add(osDisk = OpenDisk(image.OSDisks[0], isOSDisk: true));
            }
            else
            {
                fault = image.OSDisks.Count == 0 ? "the project has no OSDisk" : "the project has several OSDisk items";
                AddOSDiskCount();
            }

            List<DiskUnderCheck> dataDisks = [];
            foreach (DiskDeclaration declaration in image.DataDisks)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DiskUnderCheck disk = OpenDisk(declaration, isOSDisk: false);
                opened.Add(disk);
                dataDisks.Add(disk);
            }

            return new ImageContext(image, osDisk, fault, dataDisks);
        }
        catch
        {
            opened.ForEach(disk => disk.Dispose());
            throw;
        }
    }

    private void CheckProperties()
    {
        (string Name, string Value)[] required =
        [
            ("VmImagePublisher", image.Publisher),
            ("VmImageOffer", image.Offer),
            ("VmImageSku", image.Sku),
            ("VmImageOSFamily", image.OSFamily),
        ];
        string[] missing = [.. required.Where(property => string.IsNullOrWhiteSpace(property.Value)).Select(property => property.Name)];
        if (missing.Length > 0)
        {
            Add(
                DeclarationFault.PropertyMissing,
                "the project does not set " + string.Join(", ", missing),
                "publisher, offer, SKU and operating system family identify an image (section 5.3 of the guide)",
                "set " + string.Join(", ", missing) + " in a PropertyGroup of the project");
        }

        CheckValue("VmImageOSFamily", image.OSFamily, ["Linux", "Windows"]);
        CheckValue("VmImageGeneration", image.Generation, ["V1", "V2"]);
        foreach (DiskDeclaration disk in image.OSDisks.Concat(image.DataDisks))
        {
            CheckValue($"the metadata Caching of {Evidence.Quote(disk.DisplayPath)}", disk.Caching, ["None", "ReadOnly", "ReadWrite"]);
            CheckValue($"the metadata Convert of {Evidence.Quote(disk.DisplayPath)}", disk.Convert, ["true", "false"]);
        }
    }

    private void CheckValue(string what, string value, string[] allowed)
    {
        if (!string.IsNullOrWhiteSpace(value) && !allowed.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            string list = string.Join(", ", allowed);
            Add(
                DeclarationFault.BadValue,
                $"{what} is \"{Evidence.Quote(value)}\"",
                $"it is one of {list}",
                $"write one of {list}");
        }
    }

    private void AddOSDiskCount()
    {
        if (image.OSDisks.Count == 0)
        {
            Add(
                DeclarationFault.NoOSDisk,
                "the project has no OSDisk item",
                "an image has exactly one operating system disk (section 1 of the guide)",
                "add <OSDisk Include=\"disks/os.vhd\" /> to an ItemGroup of the project");
        }
        else
        {
            Add(
                DeclarationFault.SeveralOSDisks,
                $"the project has {image.OSDisks.Count} OSDisk items: " + string.Join(", ", image.OSDisks.Take(4).Select(disk => Evidence.Quote(disk.DisplayPath))),
                "an image has exactly one operating system disk (section 1 of the guide)",
                "keep one OSDisk and declare the others as DataDisk items");
        }
    }

    private DiskUnderCheck OpenDisk(DiskDeclaration declaration, bool isOSDisk)
    {
        if (declaration.Path.Length == 0)
        {
            // A blank disk declared by its size: MKT1011 speaks about data disks.
            if (isOSDisk)
            {
                Add(DeclarationFault.FileMissing, "the OSDisk item names no file", "every disk of an image is a VHD file", "write the path of the VHD in the Include of OSDisk");
            }

            return new DiskUnderCheck(declaration, isOSDisk, null, "the disk has no file");
        }

        string display = Evidence.Quote(declaration.DisplayPath);
        FileSystemInfo? target = declaration.IsRemote ? null : LinkTarget(declaration.Path);
        if (!_paths.Add(target?.FullName ?? declaration.Path))
        {
            Add(DeclarationFault.SameFileTwice, $"the file {display} is declared for two disks", "every disk of an image has its own file", "give each OSDisk and DataDisk its own VHD");
            return new DiskUnderCheck(declaration, isOSDisk, null, $"the file {display} is declared for two disks");
        }

        if (declaration.IsRemote)
        {
            return OpenRemoteDisk(declaration, isOSDisk, display);
        }

        if (Directory.Exists(declaration.Path))
        {
            Add(DeclarationFault.NotARegularFile, $"{display} is a directory", "every disk of an image is a VHD file", "write the path of the VHD itself");
            return new DiskUnderCheck(declaration, isOSDisk, null, $"{display} is a directory");
        }

        if (!File.Exists(declaration.Path))
        {
            Add(DeclarationFault.FileMissing, $"the file {display} does not exist", "every disk of an image is a VHD file", $"create the file or correct the path; it was looked for at {declaration.Path}");
            return new DiskUnderCheck(declaration, isOSDisk, null, $"the file {display} does not exist");
        }

        if (target is { Exists: false })
        {
            Add(DeclarationFault.FileMissing, $"the file {display} is a link to a file that does not exist", "every disk of an image is a VHD file", $"create the file or correct the link; it was looked for at {target.FullName}");
            return new DiskUnderCheck(declaration, isOSDisk, null, $"the file {display} does not exist");
        }

        try
        {
            return new DiskUnderCheck(declaration, isOSDisk, DiskImage.Open(declaration.Path), "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Add(
                DeclarationFault.FileUnreadable,
                $"the file {display} cannot be read: {exception.Message.TrimEnd('.')}",
                "the disks are read to be checked",
                "make it a regular file that this user may read, and close what holds it open");
            return new DiskUnderCheck(declaration, isOSDisk, null, $"the file {display} cannot be read");
        }
    }

    private DiskUnderCheck OpenRemoteDisk(DiskDeclaration declaration, bool isOSDisk, string display)
    {
        RemoteDiskFile? file = null;
        try
        {
            file = openRemote?.Invoke(declaration.Path) ?? throw new IOException("disks at an address are not read here");
            return new DiskUnderCheck(declaration, isOSDisk, DiskImage.Open(file.Content), "", file);
        }
        catch (IOException exception)
        {
            file?.Content.Dispose();
            Add(
                DeclarationFault.FileUnreadable,
                $"the disk {display} cannot be read: {exception.Message.TrimEnd('.')}",
                "the disks are read to be checked",
                "correct the address, or give the credential that opens it");
            return new DiskUnderCheck(declaration, isOSDisk, null, $"the disk {display} cannot be read");
        }
    }

    private static FileSystemInfo? LinkTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Missing, or links in a circle: opening the file tells.
            return null;
        }
    }

    private void Add(string code, string found, string asked, string remedy) =>
        _findings.Add(DeclarationFault.Create(code, image.ProjectFile, Capitalize(found), asked, remedy));

    private static string Capitalize(string text) =>
        text.StartsWith("the ", StringComparison.Ordinal) ? "T" + text[1..] : text;
}

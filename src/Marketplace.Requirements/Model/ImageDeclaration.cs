namespace Marketplace.Requirements.Model;

/// <summary>A disk as the project declares it. Values are as the user wrote them; checks judge them.</summary>
public sealed record DiskDeclaration
{
    /// <summary>Absolute path of the file, or the address of a blob that is read in place; empty for a blank disk declared by size only.</summary>
    public required string Path { get; init; }

    /// <summary>The path as the user wrote it, for messages.</summary>
    public required string DisplayPath { get; init; }

    /// <summary>The LUN as written; empty when absent. Ignored for the OS disk.</summary>
    public string Lun { get; init; } = "";

    /// <summary>Host caching as written: <c>None</c>, <c>ReadOnly</c>, <c>ReadWrite</c>; empty when absent.</summary>
    public string Caching { get; init; } = "";

    /// <summary>Whether a disk of another format than fixed VHD is published as one, as written: <c>true</c>, <c>false</c>, or empty for false.</summary>
    public string Convert { get; init; } = "";

    /// <summary>Whether the path is the address of a blob.</summary>
    public bool IsRemote => Path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || Path.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether <see cref="Convert"/> asks for conversion.</summary>
    internal bool AsksForConversion => Convert.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
}

/// <summary>An image as its project declares it. Values are as the user wrote them; checks judge them.</summary>
public sealed record ImageDeclaration
{
    /// <summary>Absolute path of the project file; findings about the declaration point to it.</summary>
    public required string ProjectFile { get; init; }

    /// <summary>The <c>OSDisk</c> items: exactly one in a valid project.</summary>
    public required IReadOnlyList<DiskDeclaration> OSDisks { get; init; }

    /// <summary>The <c>DataDisk</c> items.</summary>
    public required IReadOnlyList<DiskDeclaration> DataDisks { get; init; }

    /// <summary><c>VmImageVersion</c>: X.Y.Z.</summary>
    public string Version { get; init; } = "";

    /// <summary><c>VmImagePublisher</c>.</summary>
    public string Publisher { get; init; } = "";

    /// <summary><c>VmImageOffer</c>.</summary>
    public string Offer { get; init; } = "";

    /// <summary><c>VmImageSku</c>.</summary>
    public string Sku { get; init; } = "";

    /// <summary><c>VmImageOSFamily</c>: <c>Linux</c> or <c>Windows</c>.</summary>
    public string OSFamily { get; init; } = "";

    /// <summary><c>VmImageOperatingSystem</c>: the description shown to customers.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary><c>VmImageGeneration</c>: <c>V1</c>, <c>V2</c> or empty for what the boot files say.</summary>
    public string Generation { get; init; } = "";

    /// <summary><c>VmImageRecommendedSizes</c>.</summary>
    public IReadOnlyList<string> RecommendedSizes { get; init; } = [];
}

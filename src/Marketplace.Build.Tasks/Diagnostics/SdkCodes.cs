namespace Marketplace.Build.Tasks.Diagnostics;

/// <summary>The codes this assembly raises itself; the XML of the SDK raises MKT0001 to MKT0003 and MKT0006 to MKT0008, of MKT0019 what concerns a publish, and of MKT0030 the folder obj.</summary>
internal static class SdkCodes
{
    /// <summary>Publish without the output of a build that passed.</summary>
    public const string NoBuildOutput = "MKT0004";

    /// <summary>Publish of something else than what was validated.</summary>
    public const string StaleBuildOutput = "MKT0005";

    /// <summary>A property that must be a URI is none.</summary>
    public const string BadEndpoint = "MKT0009";

    /// <summary>A disk cannot be converted to a fixed VHD.</summary>
    public const string NotConvertible = "MKT0025";

    /// <summary>A VmImageSasUri item cannot be used.</summary>
    public const string BadSasUri = "MKT0026";

    /// <summary>A file of the build output cannot be written or read.</summary>
    public const string OutputFile = "MKT0030";

    /// <summary>The build was cancelled.</summary>
    public const string Cancelled = "MKT5090";

    /// <summary>A defect of the SDK.</summary>
    public const string Unexpected = "MKT5099";
}

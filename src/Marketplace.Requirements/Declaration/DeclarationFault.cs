using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>The faults of a declaration itself. They belong to no level and cannot be adjusted.</summary>
internal static class DeclarationFault
{
    /// <summary>The project has no OSDisk.</summary>
    public const string NoOSDisk = "MKT0010";

    /// <summary>The project has several OSDisks.</summary>
    public const string SeveralOSDisks = "MKT0011";

    /// <summary>A disk file is missing.</summary>
    public const string FileMissing = "MKT0012";

    /// <summary>A disk is a directory or a device.</summary>
    public const string NotARegularFile = "MKT0013";

    /// <summary>A disk file cannot be read.</summary>
    public const string FileUnreadable = "MKT0014";

    /// <summary>Required properties are missing.</summary>
    public const string PropertyMissing = "MKT0015";

    /// <summary>A requirements level is not known.</summary>
    public const string UnknownLevel = "MKT0016";

    /// <summary>A VmImageRequirement item is wrong.</summary>
    public const string BadOverride = "MKT0017";

    /// <summary>One file serves two disks.</summary>
    public const string SameFileTwice = "MKT0018";

    /// <summary>A property or metadata has a value that is not allowed.</summary>
    public const string BadValue = "MKT0019";

    /// <summary>Every code of a declaration fault.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        NoOSDisk, SeveralOSDisks, FileMissing, NotARegularFile, FileUnreadable,
        PropertyMissing, UnknownLevel, BadOverride, SameFileTwice, BadValue,
    ];

    /// <summary>The finding for a fault.</summary>
    public static Finding Create(string code, string file, string found, string asked, string remedy) => new()
    {
        Code = code,
        Severity = Severity.Error,
        Outcome = Outcome.Failed,
        File = file,
        Found = found,
        Asked = asked,
        Remedy = remedy,
    };
}

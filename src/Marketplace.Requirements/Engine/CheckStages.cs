namespace Marketplace.Requirements.Engine;

/// <summary>When a requirement can be answered.</summary>
[Flags]
internal enum CheckStages
{
    /// <summary>By <c>dotnet build</c>, from the project and the bytes of its disks.</summary>
    Build = 1,

    /// <summary>By <c>dotnet publish</c>, from what the storage service answers.</summary>
    Publish = 2,

    /// <summary>On a running machine made from the image.</summary>
    Live = 4,
}

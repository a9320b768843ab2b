using System.Security;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>The text of an image project that is right in everything a test does not change.</summary>
internal sealed record ImageProject
{
    public string? Version { get; init; } = "1.0.0";

    /// <summary>Items, as XML.</summary>
    public string Items { get; init; } = OSDisk(SampleDisks.OSDisk);

    /// <summary>More properties, as XML.</summary>
    public string Properties { get; init; } = "";

    /// <summary>More of the project, as XML.</summary>
    public string More { get; init; } = "";

    public static string OSDisk(string path) => $"""<OSDisk Include="{SecurityElement.Escape(path)}" />""";

    public static string DataDisk(string path, string lun) => $"""<DataDisk Include="{SecurityElement.Escape(path)}" Lun="{lun}" />""";

    public override string ToString() => $"""
        <Project Sdk="Marketplace.Build.Sdk">
          <PropertyGroup>
            {(Version is null ? "" : $"<Version>{Version}</Version>")}
            <VmImagePublisher>contoso</VmImagePublisher>
            <VmImageOffer>appliance</VmImageOffer>
            <VmImageSku>standard</VmImageSku>
            <VmImageOSFamily>Linux</VmImageOSFamily>
            <VmImageOperatingSystem>Debian 12</VmImageOperatingSystem>
            <VmImageRecommendedSizes>Standard_D2s_v5;Standard_D4s_v5;Standard_D8s_v5</VmImageRecommendedSizes>
            {Properties}
          </PropertyGroup>
          <ItemGroup>
            {Items}
          </ItemGroup>
          {More}
        </Project>
        """;
}

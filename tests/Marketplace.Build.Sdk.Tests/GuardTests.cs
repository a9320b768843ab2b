using Marketplace.Build.Sdk.Tests.Harness;

namespace Marketplace.Build.Sdk.Tests;

[TestClass]
public sealed class GuardTests
{
    [TestMethod]
    [DataRow("<TargetFramework>net9.0</TargetFramework>")]
    [DataRow("<TargetFrameworks>net9.0;net10.0</TargetFrameworks>")]
    public async Task Refuses_a_target_framework(string property)
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", $"""<Project Sdk="Marketplace.Build.Sdk"><PropertyGroup>{property}</PropertyGroup></Project>""");
        var output = await workspace.RunAsync("build");
        var error = output.MustFailWith("MKT0002");
        Assert.EndsWith("Vm.vmproj", error.File);
    }

    [TestMethod]
    public async Task Ignores_the_target_framework_of_the_repository_around_it()
    {
        var workspace = Workspace.Create();
        workspace.Write("Directory.Build.props", "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>");
        workspace.Write("Vm.vmproj", """<Project Sdk="Marketplace.Build.Sdk" />""");
        var output = await workspace.RunAsync("build", "-getProperty:TargetFramework", "-getTargetResult:_CheckVmImageEnvironment");
        Assert.AreEqual(0, output.ExitCode, output.Text);
        Assert.DoesNotContain("net8.0", output.Text);
    }

    [TestMethod]
    public async Task Refuses_an_MSBuild_that_is_too_old()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", """<Project Sdk="Marketplace.Build.Sdk" />""");
        var error = (await workspace.RunAsync("build", "-p:_VmImageMSBuildVersion=17.14.8")).MustFailWith("MKT0001");
        Assert.Contains("17.14.8", error.Text);
    }

    [TestMethod]
    [DataRow("TargetFramework", "netstandard2.0")]
    [DataRow("TargetFrameworks", "netstandard2.0;netstandard2.1")]
    public async Task Refuses_to_be_an_ordinary_package(string property, string value)
    {
        var workspace = Workspace.Create();
        // No implicit reference: the only package of the feed is the SDK itself.
        workspace.Write("App/App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <{property}>{value}</{property}>
                <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Marketplace.Build.Sdk" Version="{PackedSdk.Version}" /></ItemGroup>
            </Project>
            """);
        (await workspace.RunAsync("build", "App")).MustFailWith("MKT0003");
    }

    [TestMethod]
    public async Task Refuses_a_disk_that_is_only_a_size()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", """
            <Project Sdk="Marketplace.Build.Sdk">
              <ItemGroup><DataDisk Include="scratch" SizeInGB="4" Lun="0" /></ItemGroup>
            </Project>
            """);
        (await workspace.RunAsync("build")).MustFailWith("MKT0007");
    }

    [TestMethod]
    public async Task Says_that_it_cannot_write_its_folder()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject().ToString());
        (await workspace.RunAsync("restore")).MustSucceed();
        workspace.Write("obj/Debug", "a file where the folder should be");

        var output = await workspace.RunAsync("build", "--no-restore");

        Assert.AreNotEqual(0, output.ExitCode);
        Assert.HasCount(1, output.Errors.Where(error => error.Code == "MKT0030"), output.Text);
        Assert.DoesNotContain("   at ", output.Text);
    }

    [TestMethod]
    [DataRow("-p:VmImageRegistration=Gallery", "MKT0006")]
    [DataRow("-p:VmImageUseStorageEmulator=false", "MKT0008")]
    [DataRow("-p:VmImageStorageAccount=contosoimages", "MKT0004")]
    [DataRow("-p:VmImageUseStorageEmulator=ture", "MKT0019")]
    public async Task Refuses_to_publish_what_is_not_there_or_cannot_go_anywhere(string property, string code)
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", """<Project Sdk="Marketplace.Build.Sdk"><PropertyGroup><Version>1.0.0</Version></PropertyGroup></Project>""");
        (await workspace.RunAsync("restore")).MustSucceed();
        var error = (await workspace.RunAsync("publish", "--no-build", property)).MustFailWith(code);
        Assert.EndsWith("Vm.vmproj", error.File);
        if (code == "MKT0004")
        {
            Assert.Contains("-c Release", error.Text);
        }
    }
}

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>Where a project is in its repository: paths in SARIF start from there.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder of the project relative to the root of its Git repository, with forward slashes; empty when it is the root or in none.</summary>
    /// <param name="projectDirectory">The project's folder.</param>
    public static string Of(string projectDirectory)
    {
        for (var folder = new DirectoryInfo(projectDirectory); folder is not null; folder = folder.Parent)
        {
            // A worktree and a submodule have a file there.
            var mark = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(mark) || File.Exists(mark))
            {
                var relative = Path.GetRelativePath(folder.FullName, projectDirectory);
                return relative == "." ? "" : relative.Replace(Path.DirectorySeparatorChar, '/');
            }
        }

        return "";
    }
}

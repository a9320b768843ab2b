using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Testing;

/// <summary>Short ways to a file and its data.</summary>
internal static class FileNodeExtensions
{
    /// <summary>The node at a path; links are not followed.</summary>
    public static FileNode At(this FileSystem fileSystem, string path)
    {
        FileNode node = fileSystem.Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node.Find(name) ?? throw new FileNotFoundException($"There is no {name} of {path}.");
        }

        return node;
    }

    /// <summary>All data of a file.</summary>
    public static byte[] ReadAll(this FileNode node)
    {
        byte[] data = new byte[node.Size];
        int read = node.Read(0, data);
        return read == data.Length ? data : throw new InvalidDataException($"{read} of {data.Length} bytes were read.");
    }
}

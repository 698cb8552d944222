using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Output;

/// <summary>Prints objects in a form <c>kubectl apply -f -</c> reads: YAML documents, or one <c>List</c> in JSON.</summary>
internal static class ManifestWriter
{
    public static void Write(TextWriter output, IEnumerable<Manifest> manifests, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonText.Indented(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "List",
                ["items"] = new JsonArray([.. manifests.Select(manifest => manifest.Object.DeepClone())]),
            }));
            return;
        }

        foreach (var manifest in manifests)
        {
            output.WriteLine("---");
            foreach (var note in manifest.Notes)
            {
                output.WriteLine($"# {note}");
            }

            output.Write(YamlJson.Write(manifest.Object));
        }
    }
}

using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;
using Fairlead.Output;

namespace Fairlead.Verbs;

/// <summary><c>fairlead crds</c>: the CustomResourceDefinitions of this version, ready for <c>kubectl apply</c>.</summary>
internal static class CrdsVerb
{
    public static Command Create()
    {
        var output = OutputOption.Create(OutputOption.Yaml, OutputOption.Json);
        var verb = new Verb("crds", "Prints the CustomResourceDefinitions of the tailscale.com types.")
        {
            Examples =
            [
                ("fairlead crds | kubectl apply --server-side -f -", "install or update the definitions"),
                ("fairlead crds --output json", "as one List, for scripts"),
            ],
        };
        verb.Options.Add(output);
        verb.SetAction(result =>
        {
            var definitions = TailscaleDefinitions.All.Select(definition =>
                new Manifest(ObjectJson.Of(KubernetesResources.CustomResourceDefinitions, definition)));
            ManifestWriter.Write(result.InvocationConfiguration.Output, definitions, result.GetValue(output) == OutputOption.Json);
            return ExitCodes.Success;
        });
        return verb;
    }
}

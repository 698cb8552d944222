using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>A token in a file, as the kubelet keeps it, that somebody replaces.</summary>
internal sealed class RotatedToken : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fairlead-token-").FullName;

    public RotatedToken(string token)
    {
        Write(token);
        var kubeconfig = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "c", ["cluster"] = new JsonObject { ["server"] = "http://localhost" } }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "u", ["user"] = new JsonObject { ["tokenFile"] = TokenPath } }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "x", ["context"] = new JsonObject { ["cluster"] = "c", ["user"] = "u" } }),
            ["current-context"] = "x",
        };
        var path = Path.Combine(_folder, "kubeconfig");
        File.WriteAllText(path, kubeconfig.ToJsonString());
        Source = ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path }).Credentials;
    }

    public ICredentialSource Source { get; }

    private string TokenPath => Path.Combine(_folder, "token");

    public void Write(string token) => File.WriteAllText(TokenPath, token);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

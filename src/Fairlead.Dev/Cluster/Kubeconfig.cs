using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster;

/// <summary>Writes kubeconfig files. JSON is YAML, so every client reads it.</summary>
internal static class Kubeconfig
{
    private const string Name = "fairlead-dev";
    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task WriteAsync(
        string path, Uri server, string? authorityPem, (string CertificatePem, string KeyPem)? client, string? token,
        CancellationToken cancellationToken)
    {
        var cluster = new JsonObject { ["server"] = server.GetLeftPart(UriPartial.Authority) };
        if (authorityPem is not null)
            cluster["certificate-authority-data"] = Base64(authorityPem);
        var user = new JsonObject();
        if (client is var (certificate, key))
        {
            user["client-certificate-data"] = Base64(certificate);
            user["client-key-data"] = Base64(key);
        }

        if (token is not null)
            user["token"] = token;
        var config = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = Name, ["cluster"] = cluster }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = Name, ["user"] = user }),
            ["contexts"] = new JsonArray(new JsonObject
            {
                ["name"] = Name,
                ["context"] = new JsonObject { ["cluster"] = Name, ["user"] = Name, ["namespace"] = "default" },
            }),
            ["current-context"] = Name,
        };
        await WritePrivateAsync(path, config.ToJsonString(Indented) + "\n", cancellationToken).ConfigureAwait(false);
    }

    private static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        await using (file.ConfigureAwait(false))
        {
            // The mode above holds for new files only.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

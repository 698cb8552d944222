using System.Net.Security;
using System.Security.Cryptography;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Reads the <c>user</c> of a kubeconfig.</summary>
internal static class KubeconfigUser
{
    public static ClusterConfiguration Apply(
        KubeconfigNode user, KubeconfigNode cluster, ClusterConfiguration configuration, ClusterConfigurationOptions options)
    {
        RefuseWithdrawnMethods(user);
        return configuration with
        {
            Credentials = ReadCredentials(user, cluster, configuration, options),
            Impersonation = ReadImpersonation(user),
        };
    }

    private static ICredentialSource ReadCredentials(
        KubeconfigNode user, KubeconfigNode cluster, ClusterConfiguration configuration, ClusterConfigurationOptions options)
    {
        var token = user.String("token");
        var exec = user.Object("exec");
        if (exec is not null && token is not null)
            throw user.Error("token", "this contradicts exec", "Keep one of the two.");

        var certificate = ReadCertificate(user);
        if (exec is not null)
            return new ExecCredentialSource(ExecPlugin.Read(exec, cluster, configuration), certificate, options.TimeProvider);

        if (user.String("tokenFile") is { } tokenFile)
        {
            return certificate is null
                ? new TokenFileCredentialSource(user.PathOf(tokenFile), options.TimeProvider, options.Logger)
                : throw user.Error("tokenFile", "this comes with a client certificate", "Keep one of the two.");
        }

        return token is null && certificate is null
            ? StaticCredentialSource.Anonymous
            : new StaticCredentialSource(new Credentials { BearerToken = token, ClientCertificate = certificate });
    }

    private static SslStreamCertificateContext? ReadCertificate(KubeconfigNode user)
    {
        var certificate = user.Content("client-certificate-data", "client-certificate");
        var key = user.Content("client-key-data", "client-key");
        if (certificate is null && key is null)
            return null;

        if (certificate is null)
            throw user.Error("client-certificate-data", "there is a client key without a certificate", "Add client-certificate-data or client-certificate.");

        if (key is null)
            throw user.Error("client-key-data", "there is a client certificate without its key", "Add client-key-data or client-key.");

        try
        {
            return CertificateText.ReadClientCertificate(certificate, key);
        }
        catch (CryptographicException e)
        {
            var field = user.String("client-certificate-data") is null ? "client-certificate" : "client-certificate-data";
            throw user.Error(field, $"certificate and key cannot be used ({e.Message})", "Give a PEM certificate and its unencrypted PEM key.", e);
        }
    }

    private static Impersonation? ReadImpersonation(KubeconfigNode user)
    {
        if (user.String("as") is not { } name)
        {
            return user.Strings("as-groups").Count == 0 && user.String("as-uid") is null
                ? null
                : throw user.Error("as", "groups or a uid are impersonated without a user", "Add 'as'.");
        }

        var extra = user.Object("as-user-extra");
        return new Impersonation
        {
            User = name,
            Uid = user.String("as-uid"),
            Group = Single(user, "as-groups"),
            Extra = extra?.Body.ToDictionary(entry => entry.Key, entry => Single(extra, entry.Key) ?? "") ?? [],
        };
    }

    private static string? Single(KubeconfigNode node, string name) => node.Strings(name) switch
    {
        [] => null,
        [var only] => only,
        _ => throw node.Error(name, "more than one value cannot be impersonated", "Keep one."),
    };

    private static void RefuseWithdrawnMethods(KubeconfigNode user)
    {
        if (user.String("username") is not null || user.String("password") is not null)
            throw user.Error("username", "API servers no longer accept passwords", "Use a token, a client certificate or exec.");

        if (user.Object("auth-provider") is not null)
            throw user.Error("auth-provider", "auth-provider has been withdrawn from Kubernetes", "Use the provider's exec plugin, for example kubelogin or gke-gcloud-auth-plugin.");
    }
}

using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Decides whether a request may go on, and as whom.</summary>
internal sealed class AccessControl(IAuthorizer authorizer)
{
    private const string Masters = "system:masters";
    private const string ExtraPrefix = "Impersonate-Extra-";

    /// <exception cref="ApiStatusException">403 when the user may not do what the request asks.</exception>
    public void Authorize(ApiRequest request) => Demand(Describe(request.User, request.Info));

    /// <summary>Replaces the request's user by the one that its Impersonate headers name, if the user may do that.</summary>
    public void Impersonate(ApiRequest request)
    {
        var headers = request.Http.Request.Headers;
        var name = headers["Impersonate-User"].ToString();
        var groups = headers["Impersonate-Group"].OfType<string>().ToImmutableArray();
        var uid = headers["Impersonate-Uid"].ToString();
        var extras = headers.Where(h => h.Key.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (name.Length == 0)
        {
            if (!groups.IsEmpty || uid.Length > 0 || extras.Length > 0)
                throw ApiErrors.BadRequest("requested impersonation of groups, uid or extra without impersonating a user");
            return;
        }

        var user = request.User;
        if (name.StartsWith("system:serviceaccount:", StringComparison.Ordinal) && name.Split(':') is { Length: 4 } parts)
        {
            DemandImpersonation(user, "", "serviceaccounts", "", parts[3], parts[2]);
            groups = groups.IsEmpty ? ["system:serviceaccounts", $"system:serviceaccounts:{parts[2]}"] : groups;
        }
        else
        {
            DemandImpersonation(user, "", "users", "", name);
        }

        foreach (var group in groups.Where(g => g is not ("system:serviceaccounts" or "system:authenticated")))
            DemandImpersonation(user, "", "groups", "", group);
        if (uid.Length > 0)
            DemandImpersonation(user, "authentication.k8s.io", "uids", "", uid);
        var extra = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var (header, values) in extras)
        {
            var key = Uri.UnescapeDataString(header[ExtraPrefix.Length..].ToLowerInvariant());
            extra[key] = [.. values.OfType<string>()];
            foreach (var value in extra[key])
                DemandImpersonation(user, "authentication.k8s.io", "userextras", key, value);
        }

        var standing = name == "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
        request.Impersonator = user;
        request.User = new UserInfo(name, groups.Contains(standing) ? groups : groups.Add(standing))
        {
            Uid = uid.Length > 0 ? uid : null,
            Extra = extra.ToImmutable(),
        };
    }

    private static AuthorizationRequest Describe(UserInfo user, RequestInfo info) => info.IsResource
        ? new AuthorizationRequest
        {
            User = user,
            Verb = info.Verb,
            Group = info.Group,
            Resource = info.Resource,
            Subresource = info.Subresource ?? "",
            Namespace = info.Namespace ?? "",
            Name = info.Name ?? "",
        }
        : new AuthorizationRequest { User = user, Verb = info.Verb, Path = info.Path };

    private void DemandImpersonation(UserInfo user, string group, string resource, string subresource, string name, string ns = "") =>
        Demand(new AuthorizationRequest
        {
            User = user,
            Verb = "impersonate",
            Group = group,
            Resource = resource,
            Subresource = subresource,
            Name = name,
            Namespace = ns,
        });

    private void Demand(AuthorizationRequest wanted)
    {
        if (wanted.User.Groups.Contains(Masters))
            return;
        var decision = authorizer.Authorize(wanted);
        if (!decision.Allowed)
            throw Refusal(wanted, decision.Reason);
    }

    private static ApiStatusException Refusal(AuthorizationRequest wanted, string reason)
    {
        var suffix = reason.Length > 0 ? $": {reason}" : "";
        if (wanted.Path is { } path)
            return new ApiStatusException(403, "Forbidden",
                $"forbidden: User \"{wanted.User.Name}\" cannot {wanted.Verb} path \"{path}\"{suffix}");
        var resource = wanted.Subresource.Length > 0 ? $"{wanted.Resource}/{wanted.Subresource}" : wanted.Resource;
        var what = wanted.Group.Length > 0 ? $"{wanted.Resource}.{wanted.Group}" : wanted.Resource;
        var named = wanted.Name.Length > 0 ? $"{what} \"{wanted.Name}\"" : what;
        var where = wanted.Namespace.Length > 0 ? $"in the namespace \"{wanted.Namespace}\"" : "at the cluster scope";
        return new ApiStatusException(403, "Forbidden",
            $"{named} is forbidden: User \"{wanted.User.Name}\" cannot {wanted.Verb} resource \"{resource}\" in API group " +
            $"\"{wanted.Group}\" {where}{suffix}")
        {
            Group = wanted.Group,
            Kind = wanted.Resource,
            Name = wanted.Name,
        };
    }
}

# nst in a container, for the CPU or for CUDA:
#
#   docker build -t nst:cpu .
#   docker build -t nst:cuda --build-arg CUDA=true .
#
# The CUDA build brings libtorch's own CUDA libraries (about 5 GB); the machine gives only the driver, through NVIDIA's container
# toolkit. The image holds no trained weights: mount a file and name it by --weights, or do without and use the built-in network.
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
ARG CUDA=false
WORKDIR /source
COPY .editorconfig global.json Directory.Build.props Directory.Build.targets Directory.Packages.props Natives.props LICENSE NOTICE ./
COPY src/ src/
RUN dotnet publish src/NeuralStyle.Cli -c Release -r linux-x64 --self-contained false -p:Cuda=${CUDA} -o /nst

# Of ASP.NET Core rather than the plain runtime: the live preview is a small web server.
FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build /nst /opt/nst
USER 1000
WORKDIR /data
# Not through a shell: nst itself must get the SIGTERM.
ENTRYPOINT ["dotnet", "/opt/nst/nst.dll"]

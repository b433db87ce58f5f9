# nst in a container, for the CPU or for CUDA:
#
#   docker build -t nst:cpu .
#   docker build -t nst:cuda --build-arg CUDA=true .
#   docker run --rm -v "$PWD:/data" --user "$(id -u)" nst:cpu photo.jpg painting.jpg -o out.png
#
# --build-arg FFMPEG=true adds ffmpeg, for nst video.
#
# The CUDA build brings libtorch's own CUDA libraries (about 5 GB); the machine gives only the driver, through NVIDIA's container
# toolkit. The image holds no trained weights: mount a file and name it by --weights, or do without and use the built-in network.
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
ARG CUDA=false
WORKDIR /source
COPY .editorconfig global.json Directory.Build.props Directory.Build.targets Directory.Packages.props Natives.props LICENSE NOTICE ./
COPY src/ src/
RUN dotnet publish src/NeuralStyle.Cli -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -p:Cuda=${CUDA} -o /nst

# Of ASP.NET Core rather than the plain runtime: the live preview is a small web server.
FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}
ARG FFMPEG=false
RUN if [ "$FFMPEG" = true ]; then \
      apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*; \
    fi
# Any user may run it: HOME is a place that each can write to.
ENV HOME=/tmp
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build /nst /opt/nst
USER 1000
WORKDIR /data
# Not through a shell: nst itself must get the SIGTERM.
ENTRYPOINT ["dotnet", "/opt/nst/nst.dll"]

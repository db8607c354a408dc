#ifndef CMATCH_CLI_FILE_WATCH_H_
#define CMATCH_CLI_FILE_WATCH_H_

// Says when rule directories may read differently than before, by inotify.
//
//   FileWatch watch({"/etc/cmatch/rules"});
//   watch.Rescan();                    // then read the directories
//   ... poll(watch.fd()) ...
//   if (watch.Drain()) { ... wait until it is quiet ...; if (watch.Rescan()) ... read them again }
//
// Directories are watched, not files: what is written in place, renamed over, deleted, or reached
// by a link that was exchanged (a directory on the way included) is seen. For one thread.

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cmatch::cli {

class FileWatch {
 public:
  explicit FileWatch(std::vector<std::string> directories);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Readable where something happened; -1 where this system has no inotify.
  int fd() const { return fd_; }

  // Takes the events that are there; true where one may be about the rule files.
  bool Drain();

  // Watches what lies there at this moment. True where the YAML files, as LoadRules() lists them,
  // are not those of the call before (other names, bytes written, other files under the same
  // names). What is written after the call raises an event or is seen by the next call.
  bool Rescan();

  // Empty, or why a change may raise no event (something is not there to be watched, or a limit of
  // the system): Rescan() has to be called from time to time.
  const std::string& blind() const { return blind_; }

 private:
  // Which entries of a watched directory matter: all, or those named.
  struct Interest {
    bool all = false;
    std::set<std::string> names;
  };

  Interest* Watch(const std::string& directory);
  void WatchWayTo(const std::string& directory);
  void ScanDirectory(const std::string& directory, int depth);
  void ScanFile(const std::string& path);

  std::vector<std::string> directories_;
  int fd_;
  std::map<int, Interest> watched_;                        // by watch descriptor
  std::map<int, Interest> next_;                           // during Rescan()
  std::map<std::string, std::string> files_, next_files_;  // path -> what tells its bytes apart
  std::string blind_;
};

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_FILE_WATCH_H_
